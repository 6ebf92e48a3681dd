import "./app/mantine.css";
import "./app/app.css";

import { startTransition } from "react";
import { createRoot } from "react-dom/client";

import { App } from "./app/App";
import { keepFocus } from "./app/focus";
import { startLanguages } from "./app/languages";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");
keepFocus();
await startLanguages();
const page = createRoot(root);
// In small steps, between which the browser gets to other things.
startTransition(() => page.render(<App />));
