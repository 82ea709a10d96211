package main

import (
	"fmt"
	"net/http"
	"os"

	"example.com/hello/internal/greet"
	"github.com/gin-gonic/gin"
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "text" {
		fmt.Println(greet.Text())
		return
	}
	server := gin.Default()
	server.GET("/", func(c *gin.Context) { c.String(http.StatusOK, greet.Text()) })
	if err := server.Run(":8080"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
