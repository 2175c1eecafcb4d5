import type { Path, Problem } from "./problem";

/** Says what is wrong with a certificate in PEM, or nothing. Often the file's name is given, or the base64 of a kubeconfig. */
export function checkCertificateText(value: string | number, path: Path): Problem | undefined {
  const text = String(value);
  if (text.includes("-----BEGIN ")) return undefined;
  return {
    path,
    summary: "Invalid certificate",
    detail: `${reasonAgainst(text)} A certificate is PEM text ("-----BEGIN CERTIFICATE-----").`,
  };
}

function reasonAgainst(text: string): string {
  if (text === "") return "It is empty.";
  if (Buffer.from(text, "base64").toString("latin1").includes("-----BEGIN ")) {
    return "It is the base64 of a certificate, as a kubeconfig holds it: write base64decode(…).";
  }
  const shown = text.length <= 100 ? JSON.stringify(text) : `What begins with ${JSON.stringify(text.slice(0, 40))}`;
  return `${shown} is no certificate. Where it is a file's name, write file(${text.length <= 100 ? JSON.stringify(text) : "…"}).`;
}
