"use strict"

const js = require("@eslint/js")
const stylistic = require("@stylistic/eslint-plugin")
const tseslint = require("typescript-eslint")

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
    files: ["**/*.ts"],
    extends: [...tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: __dirname } },
    rules: {
      "@typescript-eslint/naming-convention": [
        "error",
        { selector: "interface", format: ["PascalCase"], custom: { regex: "^I[A-Z]", match: false } },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" }],
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
  { files: ["**/*.ts", "**/*.js"], plugins: { "@stylistic": stylistic }, rules: dress },
)
