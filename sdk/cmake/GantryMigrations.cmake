# gantry_embed_migrations(<target> OWNER <id> DIRECTORY <dir>)
#
# Embeds <dir>/<engine>/NNNN_<what>.sql (engines: sqlite, postgresql) in the program:
# generates <owner>_migrations.hpp, which only <target> can include. With '.' and '-' of <id> as '_':
#
#   namespace <owner>_migrations {
#   struct File { unsigned number; const char* name; const char* sql; };       // 1, "log", "CREATE …"
#   struct Engine { const char* engine; const File* files; unsigned count; };  // files by number
#   inline constexpr Engine kEngines[] = {…};
#   }
#
# Plain C++ without a type of the host, so that plugins use it as well. Runs again when a file changes,
# appears or goes. Numbering faults are found by whoever applies them.
function(gantry_embed_migrations target)
  cmake_parse_arguments(ARG "" "OWNER;DIRECTORY" "" ${ARGN})
  get_filename_component(directory ${ARG_DIRECTORY} ABSOLUTE)
  string(REGEX REPLACE "[.-]" "_" owner "${ARG_OWNER}")
  if(NOT owner MATCHES "^[a-z][a-z0-9_]*$")
    message(FATAL_ERROR "gantry_embed_migrations: '${ARG_OWNER}' is no owner id")
  endif()

  set(tables "")
  set(engines "")
  foreach(engine sqlite postgresql)
    file(GLOB files CONFIGURE_DEPENDS ${directory}/${engine}/*.sql)
    list(SORT files)
    set(rows "")
    set(count 0)
    foreach(file IN LISTS files)
      get_filename_component(name ${file} NAME_WE)
      if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)$")
        message(FATAL_ERROR "gantry_embed_migrations: ${file} is not named NNNN_<what>.sql")
      endif()
      set(what ${CMAKE_MATCH_2})
      string(REGEX REPLACE "^0+" "" number ${CMAKE_MATCH_1})
      if(number STREQUAL "")
        message(FATAL_ERROR "gantry_embed_migrations: ${file}: numbers begin at 0001")
      endif()
      file(READ ${file} sql)
      string(FIND "${sql}" ")gantry_sql\"" closer)
      if(NOT closer EQUAL -1)
        message(FATAL_ERROR "gantry_embed_migrations: ${file} contains )gantry_sql\"")
      endif()
      string(APPEND rows "    {${number}, \"${what}\", R\"gantry_sql(${sql})gantry_sql\"},\n")
      math(EXPR count "${count} + 1")
      set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
    endforeach()
    if(count GREATER 0)
      string(APPEND tables "inline constexpr File k_${engine}[] = {\n${rows}};\n")
      string(APPEND engines "    {\"${engine}\", k_${engine}, ${count}},\n")
    endif()
  endforeach()
  if(engines STREQUAL "")
    message(FATAL_ERROR "gantry_embed_migrations: no <engine>/NNNN_<what>.sql below ${directory}")
  endif()

  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${target}_migrations)
  set(header ${folder}/${owner}_migrations.hpp)
  file(WRITE ${header}.new "// Generated from the SQL files by gantry_embed_migrations.
#pragma once
namespace ${owner}_migrations {
struct File {
  unsigned number;
  const char* name;
  const char* sql;
};
struct Engine {
  const char* engine;
  const File* files;
  unsigned count;
};
${tables}inline constexpr Engine kEngines[] = {
${engines}};
}  // namespace ${owner}_migrations
")
  file(COPY_FILE ${header}.new ${header} ONLY_IF_DIFFERENT)
  file(REMOVE ${header}.new)
  target_include_directories(${target} PRIVATE ${folder})
endfunction()
