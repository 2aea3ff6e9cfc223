// What GitHub's own parser and language service say of workflows: a line for each finding.
import { readFileSync } from "node:fs";
import { validate } from "@actions/languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

async function main(files) {
  for (const file of files) {
    const document = TextDocument.create(`file://${file}`, "yaml", 1, readFileSync(file, "utf8"));
    for (const found of await validate(document)) {
      console.log(`${file}:${found.range.start.line + 1}: ${found.message}`);
    }
  }
}

main(process.argv.slice(2));
