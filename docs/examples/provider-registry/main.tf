terraform {
  required_providers {
    registry = {
      source  = "registry.terraform.io/registry-access/registry"
      version = ">= 0.1.0"
    }
  }
}

# Ephemeral: its value is in no state and in no plan file. Give it as TF_VAR_cluster_token.
variable "cluster_token" {
  type      = string
  sensitive = true
  ephemeral = true
}

provider "registry" {
  owner = "shop/production"

  kubernetes = {
    host                   = "https://kubernetes.acme.example.com:6443"
    token                  = var.cluster_token
    cluster_ca_certificate = file("${path.module}/ca.pem")
  }

  issuers = {
    # Bluemix Dedicated: logs in with an API key from the environment.
    dedicated = {
      bluemix = {
        api_endpoint = "https://api.acme.example.com"
        hosts        = ["registry.acme.example.com"]
        api_key_env  = "BLUEMIX_API_KEY"
        organization = "acme"
      }
    }

    # A public region: its tokens are good for the regional and for the international registry.
    us-south = {
      bluemix = {
        api_endpoint = "https://api.ng.bluemix.net"
        hosts        = ["registry.ng.bluemix.net", "registry.bluemix.net"]
        username     = "ci@acme.example.com"
        password_env = "BLUEMIX_PASSWORD"
        organization = "acme"
      }
    }

    # IBM Cloud Container Registry: logs in to IAM with the API key in IBMCLOUD_API_KEY, or in IC_API_KEY.
    icr = {
      ibmcloud = {}
    }
  }
}
