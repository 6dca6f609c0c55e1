# Writes a C++ file that defines `std::string_view <space>::<function>()`, which returns the text of a file.
function(embed_text input space function output)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${input})
  file(READ ${input} text)
  file(CONFIGURE OUTPUT ${output} CONTENT [[
#include <string_view>

namespace @space@ {

std::string_view @function@();

std::string_view @function@()
{
    return R"embedded(@text@)embedded";
}

} // namespace @space@
]] @ONLY)
endfunction()
