/**
 * The library of the catalogue. Definitions load its CommonJS form, and classes are compared with `instanceof`, so
 * everything must load the same form.
 */
exports.core = require('@segment/actions-core');
