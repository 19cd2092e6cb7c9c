// The board's own script: what is live, and what a form need not load a page for. Without it every
// page still works.
"use strict";
