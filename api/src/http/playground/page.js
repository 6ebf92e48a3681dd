"use strict";
const field = (id) => document.getElementById(id);

async function run() {
  const status = field("status");
  const result = field("result");
  let variables;
  try {
    variables = JSON.parse(field("variables").value.trim() || "{}");
  } catch (error) {
    status.textContent = "variables are not JSON";
    result.textContent = error.message;
    return;
  }
  const headers = { "Content-Type": "application/json", Accept: "application/graphql-response+json" };
  const token = field("token").value.trim();
  if (token) headers.Authorization = "Bearer " + token;
  status.textContent = "running";
  const started = performance.now();
  try {
    const body = JSON.stringify({ query: field("query").value, variables });
    const response = await fetch("/graphql", { method: "POST", headers, body });
    const text = await response.text();
    status.textContent = response.status + " in " + Math.round(performance.now() - started) + " ms";
    result.textContent = JSON.stringify(JSON.parse(text), null, 2);
  } catch (error) {
    status.textContent = "no answer";
    result.textContent = error.message;
  }
}

field("form").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
field("form").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    run();
  }
});
