/// A file that is written whole or not at all: to a temporary name beside it, then renamed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace heteroglass::io {

/// Writes `content` to `path`. A path ending in .gz is compressed.
/// @throws FormatError with the system's reason (no space left, permission), leaving nothing behind.
void write_file(const std::filesystem::path& path, std::string_view content);

/// Whole file, decompressed when gzipped. @throws FormatError
std::string read_file(const std::filesystem::path& path);

/// SHA-256 of a file's bytes as lower-case hexadecimal. @throws FormatError
std::string sha256_file(const std::filesystem::path& path);
std::string sha256(std::string_view bytes);

}  // namespace heteroglass::io
