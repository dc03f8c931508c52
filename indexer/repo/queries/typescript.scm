(class_declaration name: (_) @name) @class
(abstract_class_declaration name: (_) @name) @class
(class name: (_) @name) @class
(interface_declaration name: (_) @name) @interface
(enum_declaration name: (_) @name) @enum
(type_alias_declaration name: (_) @name) @type
(internal_module name: (_) @name) @module
(module name: (_) @name) @module
(function_declaration name: (identifier) @name) @function
(function_signature name: (identifier) @name) @function
(generator_function_declaration name: (identifier) @name) @function
(method_definition name: (_) @name) @method
(method_signature name: (_) @name) @method
(abstract_method_signature name: (_) @name) @method
(public_field_definition name: (_) @name) @field
(interface_body (property_signature name: (_) @name) @property)
(enum_assignment name: (_) @name) @constant
(enum_body name: (_) @name @constant)
(variable_declarator name: (identifier) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body) (generator_function body: (_) @body)]) @function
(variable_declarator name: (identifier) @name value: (class body: (_) @body)) @class
(program (lexical_declaration (variable_declarator name: (identifier) @name) @variable))
(program (variable_declaration (variable_declarator name: (identifier) @name) @variable))
(program (export_statement declaration: (lexical_declaration (variable_declarator name: (identifier) @name) @variable)))
(assignment_expression left: [(identifier) (member_expression)] @name right: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @function
(pair key: (property_identifier) @name value: [(arrow_function body: (_) @body) (function_expression body: (_) @body)]) @method

;; uses
(call_expression function: [(identifier) @call (member_expression property: (property_identifier) @call)])
(new_expression constructor: [(identifier) @call (member_expression property: (property_identifier) @call)])
(extends_clause value: [(identifier) @inherit (member_expression property: (property_identifier) @inherit)])
(implements_clause [(type_identifier) @inherit (generic_type name: (type_identifier) @inherit)])
(extends_type_clause [(type_identifier) @inherit (generic_type name: (type_identifier) @inherit)])
(type_annotation [(type_identifier) @type (generic_type name: (type_identifier) @type) (array_type (type_identifier) @type)])
(type_arguments [(type_identifier) @type (generic_type name: (type_identifier) @type)])
(union_type (type_identifier) @type)
(import_statement source: (string) @import)
(export_statement source: (string) @import)
(import_require_clause source: (string) @import)
(import_specifier name: (identifier) @use)
(import_clause (identifier) @use)
(call_expression function: (identifier) @_require arguments: (arguments . (string) @import .) (#eq? @_require "require"))
(call_expression function: (import) arguments: (arguments . (string) @import))
(comment) @comment
(decorator) @lead
