package greet

import "gopkg.in/yaml.v3"

const settings = "greeting: hello\n"

func Text() string {
	var read struct{ Greeting string }
	if err := yaml.Unmarshal([]byte(settings), &read); err != nil {
		return err.Error()
	}
	return read.Greeting
}
