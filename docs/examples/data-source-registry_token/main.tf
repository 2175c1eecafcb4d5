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

# What `bx cr token-list` and `bx cr token-get` do: nothing is issued.
data "registry_token" "ci" {
  issuer      = "dedicated"
  description = "ci"
}

resource "registry_pull_secret" "ci" {
  name       = "registry-pull"
  namespaces = ["team-a"]

  registries = [
    {
      hosts         = data.registry_token.ci.hosts
      credential_id = data.registry_token.ci.credential_id
    }
  ]
}
