terraform {
  required_providers {
    registry = {
      source  = "registry.terraform.io/registry-access/registry"
      version = ">= 0.1.0"
    }
  }
}

variable "partner_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

provider "registry" {
  owner = "shop/production"

  kubernetes = {
    config_path    = "~/.kube/config"
    config_context = "production"
  }

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

resource "registry_token" "pull" {
  issuer = "dedicated"
  name   = "pull"

  lifecycle {
    create_before_destroy = true
  }
}

# One Secret, of the same name and content, in each namespace.
resource "registry_pull_secret" "pull" {
  name       = "registry-pull"
  namespaces = ["team-a", "team-b"]

  registries = [
    # by id: the provider fetches the value when it writes
    {
      hosts         = registry_token.pull.hosts
      credential_id = registry_token.pull.credential_id
    },
    # a user name with a write-only password (Terraform or OpenTofu 1.11)
    {
      hosts       = ["registry.partner.example:5000"]
      username    = "acme"
      email       = "ops@acme.example.com"
      password_wo = var.partner_password
    },
    # a password from the environment of the pipeline (every version)
    {
      hosts        = ["registry.tools.example"]
      username     = "ci"
      password_env = "REGISTRY_TOOLS_PASSWORD"
    },
    # out of another docker-registry Secret of the cluster: all its hosts, or some
    {
      copy_from = {
        namespace = "default"
        name      = "all-icr-io"
        hosts     = ["us.icr.io", "icr.io"]
      }
    },
  ]

  labels = {
    team = "platform"
  }

  lifecycle {
    create_before_destroy = true
  }
}

output "targets" {
  value = registry_pull_secret.pull.targets
}
