//go:build tools

// Package opentofu names the engine that the sandbox builds where the machine has none.
package opentofu

import _ "github.com/opentofu/opentofu/cmd/tofu"
