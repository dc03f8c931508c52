(struct_item name: (type_identifier) @name) @struct
(union_item name: (type_identifier) @name) @struct
(enum_item name: (type_identifier) @name) @enum
(trait_item name: (type_identifier) @name) @trait
(type_item name: (type_identifier) @name) @type
(associated_type name: (type_identifier) @name) @type
(impl_item type: [(type_identifier) @name (generic_type type: (type_identifier) @name) (scoped_type_identifier name: (type_identifier) @name) (reference_type (type_identifier) @name)]) @scope
(mod_item name: (identifier) @name body: (_)) @module
(function_item name: (identifier) @name) @function
(function_signature_item name: (identifier) @name) @function
(macro_definition name: (identifier) @name) @macro
(const_item name: (identifier) @name) @constant
(static_item name: (identifier) @name) @variable
(field_declaration name: (field_identifier) @name) @field
(enum_variant name: (identifier) @name) @constant

;; uses
(call_expression function: [(identifier) @call (field_expression field: (field_identifier) @call) (scoped_identifier name: (identifier) @call) (generic_function function: [(identifier) @call (scoped_identifier name: (identifier) @call) (field_expression field: (field_identifier) @call)])])
(macro_invocation macro: [(identifier) @call (scoped_identifier name: (identifier) @call)])
(impl_item trait: [(type_identifier) @inherit (generic_type type: (type_identifier) @inherit) (scoped_type_identifier name: (type_identifier) @inherit)])
(trait_item bounds: (trait_bounds [(type_identifier) @inherit (generic_type type: (type_identifier) @inherit)]))
(struct_expression name: [(type_identifier) @call (scoped_type_identifier name: (type_identifier) @call)])
(type_identifier) @type
(use_declaration) @import.text
(extern_crate_declaration) @import.text
(mod_item name: (identifier) !body) @import.text
[(line_comment) (block_comment)] @comment
(attribute_item) @lead
