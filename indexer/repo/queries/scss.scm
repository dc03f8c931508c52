(rule_set (selectors) @name (block) @body) @rule
(mixin_statement name: (identifier) @name) @function
(function_statement name: (identifier) @name) @function
(media_statement . (_) @name) @rule
(keyframes_statement (keyframes_name) @name) @rule
(stylesheet (declaration (property_name) @name (#match? @name "^(\\$|--)")) @variable)

;; uses
(import_statement (string_value) @import)
(use_statement (string_value) @import)
(forward_statement (string_value) @import)
(include_statement (identifier) @call)
(extend_statement (_) @inherit)
(call_expression (function_name) @call)
[(comment) (js_comment)] @comment
