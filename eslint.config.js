"use strict"

const js = require("@eslint/js")
const stylistic = require("@stylistic/eslint-plugin")
const importX = require("eslint-plugin-import-x")
const tseslint = require("typescript-eslint")

/** The rooms of the Marketo action, from the ground up: each imports only those before it. */
const MARKETO_ROOMS = [
  "words", "errors", "configuration", "stopping", "quota", "api", "settings", "columns", "form", "report", "metrics",
  "membership", "blast_radius", "delivery", "bulk",
  "one_person",
]

/** The rooms of the stand-in for Marketo, likewise. */
const SANDBOX_ROOMS = ["ledger", "setup", "instance", "calls", "faults", "limits", "endpoints", "front"]

/** Each room of a folder imports only those before it. */
function floors(folder, rooms) {
  return rooms.slice(0, -1).map((room, index) => ({
    target: `./${folder}/${room}`,
    from: rooms.slice(index + 1).map((above) => `./${folder}/${above}`),
  }))
}

/** What must not import what. */
const LAYERS = [
  { target: "./src/hub", from: ["./src/server", "./src/actions", "./src/runs", "./src/alerts", "./src/observability"] },
  { target: "./src/observability", from: ["./src/server", "./src/xpc", "./src/actions", "./src/runs", "./src/alerts"] },
  { target: "./src/runs", from: ["./src/server", "./src/xpc", "./src/actions", "./src/alerts", "./src/observability"] },
  { target: "./src/alerts", from: ["./src/server", "./src/xpc", "./src/actions", "./src/observability"] },
  // The process queue's type aside, as upstream.
  { target: "./src/hub", from: "./src/xpc", except: ["./process_queue.ts"] },
  { target: "./src/xpc", from: ["./src/server", "./src/alerts"] },
  { target: "./src/actions", from: ["./src/server", "./src/xpc", "./src/runs", "./src/alerts", "./src/observability"] },
  ...["hub", "runs", "alerts", "server", "xpc", "actions", "observability"].map((room) => (
    { target: `./src/${room}`, from: ["./src/settings", "./src/check", "./src/console"] }
  )),
  { target: "./src/settings", from: ["./src/check", "./src/actions", "./src/alerts", "./src/runs", "./src/xpc"] },
  { target: "./src/console", from: ["./src/actions", "./src/xpc", "./src/check"] },
  { target: "./src", from: ["./sandbox", "./bench", "./test", "./bin", "./web"] },
  // The shapes of what the hub sends are all that the pages share with it.
  { target: "./web", from: ["./sandbox", "./bench", "./test", "./bin"] },
  ...floors("src/actions/marketo/lib", MARKETO_ROOMS),
  ...floors("sandbox/marketo", SANDBOX_ROOMS),
]

/** Upstream's dress: two spaces, double quotes, no semicolons, trailing commas in multi-line lists, 120 columns. */
const dress = {
  "@stylistic/semi": ["error", "never"],
  "@stylistic/quotes": ["error", "double", { avoidEscape: true, allowTemplateLiterals: "always" }],
  "@stylistic/indent": ["error", 2, { SwitchCase: 1, ignoredNodes: ["TSUnionType", "TSIntersectionType"] }],
  "@stylistic/comma-dangle": ["error", "always-multiline"],
  "@stylistic/max-len": ["error", { code: 120, ignoreUrls: false, ignoreRegExpLiterals: true }],
  "@stylistic/eol-last": "error",
  "@stylistic/no-trailing-spaces": "error",
  "@stylistic/no-multiple-empty-lines": ["error", { max: 1, maxEOF: 0 }],
  "@stylistic/object-curly-spacing": ["error", "always"],
  "@stylistic/arrow-parens": ["error", "always"],
  "@stylistic/space-infix-ops": "error",
  "@stylistic/keyword-spacing": "error",
  "@stylistic/comma-spacing": "error",
}

module.exports = tseslint.config(
  { ignores: ["lib/**", "node_modules/**", "coverage/**"] },
  js.configs.recommended,
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: __dirname } },
    rules: {
      "@typescript-eslint/naming-convention": [
        "error",
        { selector: "interface", format: ["PascalCase"], custom: { regex: "^I[A-Z]", match: false } },
      ],
      "@typescript-eslint/no-unused-vars": [
        "error", { argsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_", ignoreRestSiblings: true },
      ],
      "@typescript-eslint/promise-function-async": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/no-namespace": "off",
      "eqeqeq": ["error", "always", { null: "ignore" }],
      "no-console": "error",
      "prefer-const": "error",
      "curly": "error",
    },
  },
  {
    files: ["web/**/*.ts", "web/**/*.tsx"],
    languageOptions: { parserOptions: { project: "./web/tsconfig.json", tsconfigRootDir: __dirname } },
    rules: { "no-undef": "off" },
  },
  {
    files: ["src/**/*.ts", "sandbox/**/*.ts", "bench/**/*.ts", "bin/**/*.ts", "web/**/*.ts", "web/**/*.tsx"],
    plugins: { "import-x": importX },
    settings: {
      "import-x/resolver-next": [importX.createNodeResolver({ extensions: [".ts", ".tsx", ".js"] })],
      "import-x/parsers": { "@typescript-eslint/parser": [".ts", ".tsx"] },
    },
    rules: {
      "import-x/no-restricted-paths": ["error", { zones: LAYERS, basePath: __dirname }],
      "import-x/no-cycle": ["error", { ignoreExternal: true }],
    },
  },
  {
    // The command-line programs speak to a person through the console.
    files: ["sandbox/**/*.ts", "bench/**/*.ts", "bin/**/*.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["test/**/*.ts"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    files: ["**/*.js"],
    languageOptions: {
      sourceType: "commonjs",
      globals: {
        require: "readonly", module: "writable", __dirname: "readonly", process: "readonly", console: "readonly",
      },
    },
  },
  { files: ["**/*.ts", "**/*.tsx", "**/*.js"], plugins: { "@stylistic": stylistic }, rules: dress },
)
