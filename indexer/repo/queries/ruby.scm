(module name: (_) @name) @module
(class name: (_) @name) @class
(method name: (_) @name) @function
(singleton_method name: (_) @name) @method
(alias name: (_) @name) @method
(assignment left: (constant) @name) @constant
(call method: (identifier) @_call arguments: (argument_list (simple_symbol) @name @property) (#any-of? @_call "attr_reader" "attr_writer" "attr_accessor"))
(call method: (identifier) @_call arguments: (argument_list . (simple_symbol) @name) (#any-of? @_call "define_method" "scope" "delegate")) @method

;; uses
(call method: (identifier) @call)
(call receiver: (constant) @use)
(superclass [(constant) @inherit (scope_resolution name: (constant) @inherit)])
(call method: (identifier) @_mix arguments: (argument_list [(constant) @inherit (scope_resolution name: (constant) @inherit)]) (#any-of? @_mix "include" "extend" "prepend"))
(scope_resolution name: (constant) @use)
(call method: (identifier) @_import arguments: (argument_list . (string)) (#any-of? @_import "require" "require_relative" "load" "autoload")) @import.text
(comment) @comment
