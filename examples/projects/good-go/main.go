package main

import (
	"fmt"

	"example.com/hello/internal/greet"
	"github.com/google/uuid"
)

func main() {
	fmt.Println(greet.Text(), uuid.Nil)
}
