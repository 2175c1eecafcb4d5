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

# The namespaces of all teams but the sandboxes, where the label says that they pull.
data "registry_namespaces" "teams" {
  names  = ["team-*"]
  except = ["*-sandbox"]

  match_labels = {
    "pulls" = "yes"
  }

  match_expressions = [{
    key      = "stage"
    operator = "NotIn"
    values   = ["retired"]
  }]
}

output "served" {
  value = data.registry_namespaces.teams.namespaces
}
