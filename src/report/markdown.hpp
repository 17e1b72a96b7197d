/// Light markdown for the prose of study files: paragraphs, "- " lists, **bold**, *italic*, `code`, [text](url).
#pragma once

#include <string>
#include <string_view>

namespace heteroglass::report {

/// HTML. Everything else is escaped; links may lead only to http, https, mailto and anchors of the page.
std::string markdown(std::string_view text);

}  // namespace heteroglass::report
