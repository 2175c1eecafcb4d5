terraform {
  required_providers {
    registry = {
      source  = "registry.terraform.io/registry-access/registry"
      version = ">= 0.1.0"
    }
  }
}

provider "registry" {
  owner = "shop/production"

  issuers = {
    dedicated = {
      bluemix = {
        api_endpoint = "https://api.acme.example.com"
        hosts        = ["registry.acme.example.com"]
        api_key_env  = "BLUEMIX_API_KEY"
        organization = "acme"
      }
    }
  }
}

# Looked up at plan and again at apply; stored nowhere. Needs Terraform or OpenTofu 1.11, as password_wo does.
ephemeral "registry_token" "ci" {
  issuer      = "dedicated"
  description = "ci"
}

# A pull secret takes credential_id; the value is for what only takes a value, such as a write-only attribute.
resource "registry_pull_secret" "mirror" {
  name       = "mirror-pull"
  namespaces = ["team-a"]

  registries = [
    {
      hosts       = ["mirror.acme.example.com:5000"]
      username    = "token" # an ephemeral value fits write-only attributes alone
      password_wo = ephemeral.registry_token.ci.value
    }
  ]
}
