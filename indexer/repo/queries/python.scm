(class_definition name: (identifier) @name) @class
(class_definition name: (identifier) @name body: (block . (string) @doc)) @class
(function_definition name: (identifier) @name) @function
(function_definition name: (identifier) @name body: (block . (string) @doc)) @function
(module (assignment left: (identifier) @name) @variable)
(class_definition body: (block (assignment left: (identifier) @name) @field))
(module (type_alias_statement left: (type (identifier) @name)) @type)

;; uses
(call function: [(identifier) @call (attribute attribute: (identifier) @call)])
(decorator [(identifier) @call (attribute attribute: (identifier) @call)])
(class_definition superclasses: (argument_list [(identifier) @inherit (attribute attribute: (identifier) @inherit)]))
(type [(identifier) @type (attribute attribute: (identifier) @type) (generic_type (identifier) @type)])
[(import_statement) (import_from_statement) (future_import_statement)] @import.text
(comment) @comment
(decorator) @lead
