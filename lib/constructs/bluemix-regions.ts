/** The international registry, with IBM's public images; it shares the regional registry's token. */
export const INTERNATIONAL_HOST = "registry.bluemix.net";

/** Hosts of the public regions (facts: token API v1, hosts). US South and US East share one registry. */
export const BLUEMIX_REGIONS = {
  "us-south": { registry: "registry.ng.bluemix.net", api: "https://api.ng.bluemix.net" },
  "us-east": { registry: "registry.ng.bluemix.net", api: "https://api.us-east.bluemix.net" },
  "eu-gb": { registry: "registry.eu-gb.bluemix.net", api: "https://api.eu-gb.bluemix.net" },
  "eu-de": { registry: "registry.eu-de.bluemix.net", api: "https://api.eu-de.bluemix.net" },
  "au-syd": { registry: "registry.au-syd.bluemix.net", api: "https://api.au-syd.bluemix.net" },
} as const;

/** A public region of IBM Cloud (Bluemix): Dallas, Washington, London, Frankfurt, Sydney. */
export type BluemixRegion = keyof typeof BLUEMIX_REGIONS;
