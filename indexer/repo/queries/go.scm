(function_declaration name: (identifier) @name) @function
(method_declaration receiver: (parameter_list (parameter_declaration type: [(type_identifier) @parent (pointer_type (type_identifier) @parent) (generic_type type: (type_identifier) @parent) (pointer_type (generic_type type: (type_identifier) @parent))])) name: (field_identifier) @name) @method
(type_declaration (type_spec name: (type_identifier) @name type: (struct_type)) @struct)
(type_declaration (type_spec name: (type_identifier) @name type: (interface_type)) @interface)
(type_declaration (type_spec name: (type_identifier) @name) @type)
(type_declaration (type_alias name: (type_identifier) @name) @type)
(interface_type (method_elem name: (field_identifier) @name) @method)
(struct_type (field_declaration_list (field_declaration name: (field_identifier) @name) @field))
(source_file (const_declaration (const_spec name: (identifier) @name) @constant))
(source_file (var_declaration (var_spec name: (identifier) @name) @variable))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @variable)))

;; uses
(call_expression function: [(identifier) @call (selector_expression field: (field_identifier) @call)])
(composite_literal type: [(type_identifier) @type (qualified_type name: (type_identifier) @type)])
(parameter_declaration type: [(type_identifier) @type (pointer_type (type_identifier) @type) (qualified_type name: (type_identifier) @type) (pointer_type (qualified_type name: (type_identifier) @type))])
(field_declaration !name type: [(type_identifier) @inherit (pointer_type (type_identifier) @inherit) (qualified_type name: (type_identifier) @inherit)])
(field_declaration name: (_) type: [(type_identifier) @type (pointer_type (type_identifier) @type) (qualified_type name: (type_identifier) @type) (pointer_type (qualified_type name: (type_identifier) @type))])
(function_declaration result: [(type_identifier) @type (pointer_type (type_identifier) @type) (qualified_type name: (type_identifier) @type)])
(method_declaration result: [(type_identifier) @type (pointer_type (type_identifier) @type) (qualified_type name: (type_identifier) @type)])
(type_elem [(type_identifier) @inherit (qualified_type name: (type_identifier) @inherit)])
(import_spec path: (_) @import)
(comment) @comment
