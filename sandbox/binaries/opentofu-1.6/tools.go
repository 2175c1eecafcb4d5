//go:build tools

// Package opentofu16 names the oldest OpenTofu that the provider promises to serve: the tests run it.
package opentofu16

import _ "github.com/opentofu/opentofu/cmd/tofu"
