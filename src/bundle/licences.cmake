# The licences of what a bundled build links as archives or compiles in: installed beside the programs, and listed in
# their copyright file. tests/e2e/test_package.py compares the list with what the linker has read.

# wp_licence(NAME VERSION PARTS FILE): Debian's source package, what of it is in the programs, and the text.
function(wp_licence name version parts file)
  install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DOCDIR}/licences COMPONENT programs RENAME ${name})
  set_property(GLOBAL APPEND_STRING PROPERTY WP_LICENCES "  ${name} ${version}: ${parts}\n")
endfunction()

# The same for a package that is installed, which gives the name, the version and the text.
function(wp_licence_of_package package parts)
  execute_process(COMMAND dpkg-query -W -f "\${source:Package};\${source:Version}" ${package}
    OUTPUT_VARIABLE source COMMAND_ERROR_IS_FATAL ANY)
  list(GET source 0 name)
  list(GET source 1 version)
  string(REGEX REPLACE ":.*" "" package ${package})
  wp_licence(${name} ${version} "${parts}" /usr/share/doc/${package}/copyright)
endfunction()

# And for an archive that belongs to such a package.
function(wp_licence_of_archive archive)
  file(REAL_PATH ${archive} path)
  execute_process(COMMAND dpkg-query -S ${path} OUTPUT_VARIABLE owner COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX REPLACE ": .*" "" package "${owner}")
  get_filename_component(parts ${archive} NAME)
  wp_licence_of_package(${package} ${parts})
endfunction()

# Once all are known.
function(wp_licences_end)
  get_property(WP_LICENCES GLOBAL PROPERTY WP_LICENCES)
  file(READ ${CMAKE_SOURCE_DIR}/LICENSE WP_LICENSE)
  configure_file(${CMAKE_SOURCE_DIR}/src/bundle/copyright.in ${CMAKE_BINARY_DIR}/copyright @ONLY)
  install(FILES ${CMAKE_BINARY_DIR}/copyright TYPE DOC COMPONENT programs)
  foreach(text Apache-2.0 GPL-2 GPL-3 LGPL-2 LGPL-2.1 LGPL-3) # what Debian's copyright files refer to
    install(FILES /usr/share/common-licenses/${text} DESTINATION ${CMAKE_INSTALL_DOCDIR}/licences COMPONENT programs)
  endforeach()
endfunction()
