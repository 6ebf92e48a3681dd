import "graphiql/setup-workers/vite";
import "graphiql/style.css";

import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createRoot } from "react-dom/client";

const socket = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql/ws`;
const fetcher = createGraphiQLFetcher({ url: "/graphql", subscriptionUrl: socket });

const root = document.getElementById("root");
if (root) {
    root.style.height = "100vh";
    createRoot(root).render(<GraphiQL fetcher={fetcher} />);
}
