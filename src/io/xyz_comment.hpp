/// The second line of an extended XYZ frame: key=value pairs, values in quotes where they hold blanks.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace heteroglass::io {

/// Keys in lower case.
std::map<std::string, std::string> parse_xyz_comment(std::string_view line);

struct XyzColumn {
  std::string name;
  char kind = 'R';  ///< S, R, I or L
  std::size_t components = 1;
};

/// "species:S:1:pos:R:3". Empty when it is not of that form.
std::vector<XyzColumn> parse_xyz_columns(const std::string& properties);

}  // namespace heteroglass::io
