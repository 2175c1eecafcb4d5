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
  namespaces = ["team-a"]

  registries = [
    {
      hosts        = ["registry.tools.example"]
      username     = "ci"
      password_env = "REGISTRY_TOOLS_PASSWORD"
    }
  ]
}

resource "registry_service_account_patch" "pull" {
  namespaces   = registry_pull_secret.pull.namespaces
  pull_secrets = [registry_pull_secret.pull.name]
}

# Three Pods of a Deployment, which is made elsewhere, have pulled with the Secret; if not, the apply says why.
resource "registry_pull_check" "shop" {
  namespace    = "team-a"
  match_labels = { app = "shop" }
  pods         = 3

  depends_on = [registry_service_account_patch.pull]

  # With hashicorp/kubernetes in the same stack, the Deployment (wait_for_rollout = false) belongs here and in depends_on, too.
  lifecycle {
    replace_triggered_by = [registry_pull_secret.pull, registry_service_account_patch.pull]
  }
}
