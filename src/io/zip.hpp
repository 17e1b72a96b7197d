/// The files inside a ZIP archive (method stored or deflate), read whole.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace heteroglass::io {

/// Name to content of those files whose name begins with one of the prefixes; none given: all. @throws FormatError
std::map<std::string, std::string> unzip(const std::string& path, std::string_view archive, std::string_view prefix = {});

}  // namespace heteroglass::io
