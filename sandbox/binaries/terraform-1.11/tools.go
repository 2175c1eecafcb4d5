//go:build tools

// Package terraform111 names the Terraform that the tests run where PATH has no 1.11.
package terraform111

import _ "github.com/hashicorp/terraform"
