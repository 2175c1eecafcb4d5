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

  kubernetes = {
    config_path    = "~/.kube/config"
    config_context = "production"
  }
}

resource "registry_pull_secret" "pull" {
  name       = "registry-pull"
  namespaces = ["team-a", "team-b"]

  registries = [
    {
      hosts        = ["registry.tools.example"]
      username     = "ci"
      password_env = "REGISTRY_TOOLS_PASSWORD"
    }
  ]
}

# New Pods of these ServiceAccounts pull with the Secret; entries of others stay as they are.
resource "registry_service_account_patch" "pull" {
  namespaces       = registry_pull_secret.pull.namespaces
  service_accounts = ["default", "builder"]
  pull_secrets     = [registry_pull_secret.pull.name]

  lifecycle {
    create_before_destroy = true
  }
}
