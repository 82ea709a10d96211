module example.com/hello

go 1.19

require (
	github.com/go-chi/chi/v5 v5.0.8
	gopkg.in/yaml.v3 v3.0.1
)
