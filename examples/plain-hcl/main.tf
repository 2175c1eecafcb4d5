# The same without CDK: a token is issued, one Secret is written per namespace, and the ServiceAccounts hand it to new Pods.
# In a clone of the repository, `npm ci && npm run provider -- FOLDER` puts the provider beside a copy of this file; then `terraform init`.
# BLUEMIX_DEDICATED_API_KEY and TF_VAR_partner_password hold the secrets; KUBE_CONFIG_PATH (and KUBE_CTX) choose the cluster.
terraform {
  required_version = ">= 1.11" # Write-only attributes; with password_env, 1.5 does.
  required_providers {
    registry = {
      source  = "registry.terraform.io/registry-access/registry"
      version = "0.1.0"
    }
  }
}

variable "api_endpoint" {
  type    = string
  default = "https://api.acme.example.com"
}

variable "registry_endpoint" {
  type    = string
  default = "https://registry.acme.example.com"
}

variable "registry_host" {
  type    = string
  default = "registry.acme.example.com"
}

variable "partner_registry" {
  type    = string
  default = "registry.partner.example:5000"
}

variable "namespaces" {
  type    = set(string)
  default = ["default"]
}

variable "partner_password" {
  type      = string
  sensitive = true
  ephemeral = true # Without it, the value would be written into the plan file.
}

provider "registry" {
  owner = "plain-hcl/example"

  issuers = {
    dedicated = {
      bluemix = {
        api_endpoint      = var.api_endpoint
        registry_endpoint = var.registry_endpoint
        hosts             = [var.registry_host]
        organization      = "acme"
        api_key_env       = "BLUEMIX_DEDICATED_API_KEY"
      }
    }
  }
}

resource "registry_token" "pull" {
  issuer      = "dedicated"
  name        = "pull"
  description = "plain-hcl example"

  lifecycle {
    create_before_destroy = true # Every Secret gets the new token before the old one is revoked.
  }
}

resource "registry_pull_secret" "example" {
  name       = "registry-pull-example"
  namespaces = var.namespaces

  registries = [
    {
      hosts         = registry_token.pull.hosts
      credential_id = registry_token.pull.credential_id
    },
    {
      hosts       = [var.partner_registry]
      username    = "acme"
      password_wo = var.partner_password
      email       = "a@b.c"
    },
  ]
}

resource "registry_service_account_patch" "example" {
  namespaces       = var.namespaces
  service_accounts = ["default"]
  pull_secrets     = [registry_pull_secret.example.name]
}

output "targets" {
  value = registry_pull_secret.example.targets
}
