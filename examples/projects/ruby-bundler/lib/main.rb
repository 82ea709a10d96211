require_relative 'text'
puts text
