import { setNonce } from "get-nonce";

/** The nonce that the server gave this page: styles that are made while it runs carry it (CSP Level 3, 6.1.14). */
export function nonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
}

/** Has libraries that make style elements of their own use it. */
export function shareNonce(): void {
  setNonce(nonce());
}
