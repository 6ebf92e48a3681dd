import { useState } from "react";

/** What a mailed link brought: it stands behind the `#`, which browsers send to nobody. */
export function useMailedToken(): string {
  const [token] = useState(() => location.hash.slice(1));
  return token;
}
