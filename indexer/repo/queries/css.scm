(rule_set (selectors) @name (block) @body) @rule
(keyframes_statement (keyframes_name) @name) @rule
(media_statement . (_) @name) @rule
(declaration (property_name) @name (#match? @name "^--")) @variable

;; uses
(import_statement (string_value (string_content) @import))
(import_statement (call_expression (arguments (string_value (string_content) @import))))
(call_expression (function_name) @_url (arguments [(string_value (string_content) @use) (plain_value) @use]) (#any-of? @_url "url" "var"))
(comment) @comment
