(function_definition declarator: [(function_declarator declarator: (identifier) @name) (pointer_declarator (function_declarator declarator: (identifier) @name)) (pointer_declarator (pointer_declarator (function_declarator declarator: (identifier) @name)))]) @function
(struct_specifier name: (type_identifier) @name body: (_)) @struct
(union_specifier name: (type_identifier) @name body: (_)) @struct
(enum_specifier name: (type_identifier) @name body: (_)) @enum
(enumerator name: (identifier) @name) @constant
(type_definition declarator: [(type_identifier) @name (pointer_declarator (type_identifier) @name) (function_declarator (parenthesized_declarator (pointer_declarator (type_identifier) @name)))]) @type
(preproc_def name: (identifier) @name) @macro
(preproc_function_def name: (identifier) @name) @macro
(translation_unit (declaration declarator: (init_declarator declarator: [(identifier) @name (array_declarator declarator: (identifier) @name) (pointer_declarator (identifier) @name) (array_declarator (array_declarator (identifier) @name)) (pointer_declarator (array_declarator (identifier) @name))])) @variable)
(translation_unit (declaration declarator: [(function_declarator declarator: (identifier) @name) (pointer_declarator (function_declarator declarator: (identifier) @name))]) @function)
(field_declaration declarator: [(field_identifier) @name (pointer_declarator (field_identifier) @name) (array_declarator (field_identifier) @name) (function_declarator (parenthesized_declarator (pointer_declarator (field_identifier) @name)))]) @field

;; uses
(call_expression function: [(identifier) @call (field_expression field: (field_identifier) @call)])
(parameter_declaration type: [(type_identifier) @type (struct_specifier name: (type_identifier) @type) (enum_specifier name: (type_identifier) @type)])
(field_declaration type: [(type_identifier) @type (struct_specifier name: (type_identifier) @type !body)])
(declaration type: [(type_identifier) @type (struct_specifier name: (type_identifier) @type !body)])
(function_definition type: [(type_identifier) @type (struct_specifier name: (type_identifier) @type !body)])
(preproc_include) @import.text
(comment) @comment
