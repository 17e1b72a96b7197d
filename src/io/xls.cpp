#include <freexl.h>

#include <algorithm>
#include <memory>

#include "core/error.hpp"
#include "io/instrument.hpp"
#include "io/sheets.hpp"

namespace heteroglass::io {
namespace {

std::string cell_text(const void* book, unsigned row, unsigned short column) {
  FreeXL_CellValue cell{};
  if (freexl_get_cell_value(book, row, column, &cell) != FREEXL_OK) return {};
  switch (cell.type) {
    case FREEXL_CELL_INT:
      return fmt::format("{}", cell.value.int_value);
    case FREEXL_CELL_DOUBLE:
      return fmt::format("{}", cell.value.double_value);
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_DATETIME:
    case FREEXL_CELL_TIME:
      return cell.value.text_value ? cell.value.text_value : "";
    default:
      return {};
  }
}

}  // namespace

std::vector<Curve> read_xls(const std::string& path) {
  const void* handle = nullptr;
  if (const int status = freexl_open(path.c_str(), &handle); status != FREEXL_OK)
    throw FormatError(path, 0,
                      fmt::format("the workbook must be an undamaged Excel file without password, got error {} of the reader", status));
  const std::unique_ptr<const void, int (*)(const void*)> book(handle, &freexl_close);
  unsigned count = 0;
  freexl_get_info(handle, FREEXL_BIFF_SHEET_COUNT, &count);
  std::vector<Sheet> sheets;
  for (unsigned short s = 0; s < static_cast<unsigned short>(std::min(count, 65535U)); ++s) {
    const char* name = nullptr;
    unsigned rows = 0;
    unsigned short columns = 0;
    if (freexl_get_worksheet_name(handle, s, &name) != FREEXL_OK || freexl_select_active_worksheet(handle, s) != FREEXL_OK ||
        freexl_worksheet_dimensions(handle, &rows, &columns) != FREEXL_OK)
      continue;
    Sheet sheet{name ? name : "", {}};
    for (unsigned r = 0; r < rows; ++r) {
      SheetRow row{r + 1, {}, false};
      for (unsigned short c = 0; c < columns; ++c) row.cells.push_back(cell_text(handle, r, c));
      sheet.rows.push_back(std::move(row));
    }
    sheets.push_back(std::move(sheet));
  }
  return curves_of_sheets(path, std::move(sheets));
}

}  // namespace heteroglass::io
