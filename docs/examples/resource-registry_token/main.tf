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

# An expiring token (24 hours on Bluemix), due for replacement in its last six. Its value stays out of the state.
resource "registry_token" "pull" {
  issuer               = "dedicated"
  name                 = "pull"
  description          = "pull secrets of production"
  permanent            = false
  renew_before_seconds = 21600

  # The new token reaches every pull secret before the old one is revoked.
  lifecycle {
    create_before_destroy = true
  }
}

output "credential" {
  value = registry_token.pull.credential_id
}
