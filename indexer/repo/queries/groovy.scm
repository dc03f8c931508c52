(command (unit (identifier) @_word) . (unit (identifier) @name) (#eq? @_word "class")) @class
(command (unit (identifier) @_word) . (block . (unit (identifier) @name)) (#eq? @_word "class")) @class
(command (unit (identifier) @_word) . [(unit (identifier) @name) (block . (unit (identifier) @name))] (#any-of? @_word "interface" "@interface")) @interface
(command (unit (identifier) @_word) . [(unit (identifier) @name) (block . (unit (identifier) @name))] (#eq? @_word "enum")) @enum
(command (unit (identifier) @_word) . [(unit (identifier) @name) (block . (unit (identifier) @name))] (#eq? @_word "trait")) @trait
(command (unit (identifier) @_word) . (block . (unit (func (identifier) @name))) (#not-any-of? @_word "return" "new" "else" "throw" "assert" "in")) @function

;; uses
(func (identifier) @call)
(command (unit (identifier) @_word) . [(unit (identifier) @inherit) (block . (unit (identifier) @inherit))] (#any-of? @_word "extends" "implements"))
(command . (unit (identifier) @_word) (#eq? @_word "import")) @import.text
[(line_comment) (block_comment)] @comment
