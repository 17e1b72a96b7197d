#include "io/archive.hpp"

#include "io/atomic_file.hpp"

namespace heteroglass::io {

void write_archive(const std::filesystem::path& path, const std::string& key, const Archive& archive) {
  write_file(path, "heteroglass archive 1\n" + sha256(key + archive.bytes()) + "\n" + archive.bytes());
}

Archive read_archive(const std::filesystem::path& path, const std::string& key) {
  if (!std::filesystem::exists(path)) return {};
  const std::string content = read_file(path), head = "heteroglass archive 1\n";
  const std::size_t body = head.size() + 65;
  if (content.size() < body || !content.starts_with(head)) return {};
  std::string bytes = content.substr(body);
  if (content.compare(head.size(), 64, sha256(key + bytes)) != 0) return {};
  return Archive(std::move(bytes));
}

}  // namespace heteroglass::io
