package main

import (
	"fmt"
	"net/http"
	"os"

	"example.com/hello/internal/greet"
	"github.com/go-chi/chi/v5"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "text" {
		fmt.Println(greet.Text())
		return
	}
	router := chi.NewRouter()
	router.Get("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, greet.Text()) })
	if err := http.ListenAndServe(":8080", router); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
