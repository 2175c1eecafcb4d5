//go:build tools

// Package terraform15 names the oldest Terraform that the provider promises to serve: the tests run it.
package terraform15

import _ "github.com/hashicorp/terraform"
