(element (start_tag (attribute (attribute_name) @_id (quoted_attribute_value (attribute_value) @name)) (#eq? @_id "id"))) @section
(element (self_closing_tag (attribute (attribute_name) @_id (quoted_attribute_value (attribute_value) @name)) (#eq? @_id "id"))) @section
(element (start_tag (tag_name) @_heading) (text) @name (#match? @_heading "^[hH][1-4]$")) @heading

;; uses
(start_tag (attribute (attribute_name) @_src (quoted_attribute_value (attribute_value) @import)) (#eq? @_src "src"))
(self_closing_tag (attribute (attribute_name) @_src (quoted_attribute_value (attribute_value) @import)) (#eq? @_src "src"))
(start_tag (tag_name) @_link (attribute (attribute_name) @_href (quoted_attribute_value (attribute_value) @import)) (#eq? @_link "link") (#eq? @_href "href"))
(start_tag (tag_name) @_link (attribute (attribute_name) @_href (quoted_attribute_value (attribute_value) @use)) (#any-of? @_link "a" "form") (#any-of? @_href "href" "action"))
((tag_name) @use (#match? @use "-"))
(comment) @comment
