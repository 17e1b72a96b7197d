/// A result folder: result.json, result.h5, report.html, CSV, SVG, extended XYZ.
#pragma once

#include <filesystem>

#include "run/outcome.hpp"

namespace heteroglass::run {

/// Prepares `directory` for a result named by `key`: makes it, or accepts one that was begun with the same key.
/// @throws InputError when it holds something else and `overwrite` is false.
void claim_directory(const std::filesystem::path& directory, const std::string& key, bool overwrite);

/// Undoes a claim after a failure: removes an unfinished folder, unless an engine left work there that a next run can use.
void release_directory(const std::filesystem::path& directory);

/// Whether a result folder has a page of its own; the steps of a study share one.
enum class Page { none, own };

/// Writes every file of an outcome, each whole or not at all; result.json comes last and marks the result as complete.
/// Returns the file that each frames result went to, by result name. @throws FormatError (full disk, permissions)
std::map<std::string, std::string> write_directory(const std::filesystem::path& directory, const Outcome& outcome, Page page = Page::own);

/// result.json is there and belongs to `key`.
bool is_complete(const std::filesystem::path& directory, const std::string& key);

}  // namespace heteroglass::run
