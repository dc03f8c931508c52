(namespace_definition name: (_) @name) @module
(class_specifier name: (_) @name body: (_)) @class
(struct_specifier name: (_) @name body: (_)) @struct
(union_specifier name: (_) @name body: (_)) @struct
(enum_specifier name: (_) @name body: (_)) @enum
(concept_definition name: (identifier) @name) @type
(alias_declaration name: (type_identifier) @name) @type
(type_definition declarator: [(type_identifier) @name (pointer_declarator (type_identifier) @name) (function_declarator (parenthesized_declarator (pointer_declarator (type_identifier) @name)))]) @type
(function_definition declarator: [(function_declarator declarator: (_) @name) (pointer_declarator (function_declarator declarator: (_) @name)) (reference_declarator (function_declarator declarator: (_) @name)) (pointer_declarator (pointer_declarator (function_declarator declarator: (_) @name))) (operator_cast) @name]) @function
(field_declaration declarator: [(function_declarator declarator: [(field_identifier) (operator_name)] @name) (pointer_declarator (function_declarator declarator: (field_identifier) @name)) (reference_declarator (function_declarator declarator: [(field_identifier) (operator_name)] @name))]) @method
(field_declaration declarator: [(field_identifier) @name (pointer_declarator (field_identifier) @name) (reference_declarator (field_identifier) @name) (array_declarator (field_identifier) @name)]) @field
(translation_unit (declaration declarator: [(function_declarator declarator: (_) @name) (pointer_declarator (function_declarator declarator: (_) @name)) (reference_declarator (function_declarator declarator: (_) @name))]) @function)
(declaration_list (declaration declarator: [(function_declarator declarator: (_) @name) (pointer_declarator (function_declarator declarator: (_) @name)) (reference_declarator (function_declarator declarator: (_) @name))]) @function)
(translation_unit (declaration declarator: (init_declarator declarator: [(identifier) @name (qualified_identifier) @name (array_declarator (identifier) @name) (pointer_declarator (identifier) @name)])) @variable)
(declaration_list (declaration declarator: (init_declarator declarator: [(identifier) @name (array_declarator (identifier) @name) (pointer_declarator (identifier) @name)])) @variable)
(enumerator name: (identifier) @name) @constant
(preproc_def name: (identifier) @name) @macro
(preproc_function_def name: (identifier) @name) @macro

;; uses
(call_expression function: [(identifier) @call (field_expression field: (field_identifier) @call) (qualified_identifier name: (identifier) @call) (qualified_identifier (template_function name: (identifier) @call)) (qualified_identifier (qualified_identifier name: (identifier) @call)) (template_function name: (identifier) @call)])
(new_expression type: [(type_identifier) @call (qualified_identifier name: (type_identifier) @call) (template_type name: (type_identifier) @call)])
(base_class_clause [(type_identifier) @inherit (qualified_identifier name: (type_identifier) @inherit) (template_type name: (type_identifier) @inherit)])
(type_identifier) @type
(preproc_include) @import.text
(comment) @comment
