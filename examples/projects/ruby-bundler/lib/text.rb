def text
  'ruby'
end
